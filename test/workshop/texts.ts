/** Calls written for the tests; each is played as a person and as a recording. */
export const TEXTS: readonly (readonly string[])[] = [
  [
    'Hello, I am calling about the washing machine that I bought from you in March.',
    'It makes a terrible noise when it spins, and now there is water on the floor.',
    'The model is on the label somewhere, hold on, it says four two seven.',
    'Wednesday would be fine, but not before ten.',
    'Thank you very much.',
  ],
  [
    'Good afternoon, this is a message for the owner of the house.',
    'We are in your area this week, and we offer free checks of roofs and gutters.',
    'Many of your neighbours have already booked. There is no cost and no obligation.',
    'Please tell us which day suits you.',
  ],
  [
    'Hi there. I need to move my appointment, the one on Friday.',
    'My name is Carter, with a C.',
    'Any time on Monday afternoon would work for me, or Tuesday morning if that is easier.',
    'Great. And could you tell me whether I have to bring the old papers?',
    'Perfect, see you then.',
  ],
  [
    'Yes hello, I would like to order two large pizzas, one with mushrooms and one with extra cheese.',
    'No olives please, my daughter is allergic.',
    'Delivery, to Fourteen Mill Lane.',
    'I will pay by card at the door.',
  ],
  [
    'This is your energy company. Our records show that you are paying too much for your power.',
    'You qualify for a reduced rate, which ends this month.',
    'To lock it in, we only need a few details from your last bill.',
    'Have it ready when our colleague comes on the line.',
    'Thank you for your time.',
  ],
  [
    'I want to know if my parcel has arrived.',
    'The number is nine one one four six, no wait, nine one four four six.',
    'It should have been here on Saturday, and nobody told me anything.',
    'Okay. Then please leave it with the shop next door.',
    'Bye.',
  ],
  [
    'Hello, do you have a table for six tonight?',
    'Around eight, half past eight at the latest.',
    'We have a little one with us, so a high chair would be lovely.',
    'Under the name of Brandt. Thanks a lot.',
  ],
  [
    'Hey, it is me again. I called this morning about the heating.',
    'It is still cold in here, and the display shows the letter F and then a thirty one.',
    'I already turned it off and on again, twice.',
    'When can somebody come?',
    'All right, I will be at home.',
  ],
];
